"""Writes one member of a wheel or of an npm tarball to a file."""

import shutil
import sys
import tarfile
import zipfile

archive, member, out = sys.argv[1:]
if archive.endswith(".whl"):
    with zipfile.ZipFile(archive) as file, file.open(member) as source, open(out, "wb") as target:
        shutil.copyfileobj(source, target)
else:
    with tarfile.open(archive) as file, file.extractfile(member) as source, open(out, "wb") as target:
        shutil.copyfileobj(source, target)
