/** The workflow that runs quantgate.yml on pull requests. */
export const WORKFLOW = `# Quantizes the models of quantgate.yml, measures them here, and reports on the pull request.
name: quantgate
on:
  pull_request:

permissions: {}

concurrency:
  group: quantgate-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  quantgate:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read # the checkout and the base
      pull-requests: write # the comment
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          lfs: true
          fetch-depth: 2 # the base commit, for max-regression
          persist-credentials: false
      - uses: quantgate/quantgate@v0 # zizmor: ignore[unpinned-uses] moves with each release; pin a commit if you must
        id: quantgate
      # The comment links to the run's artifacts, where this page is.
      - uses: actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0
        if: always() && steps.quantgate.outputs.report-html != ''
        with:
          name: quantgate
          overwrite: true # a job that is run again
          path: \${{ steps.quantgate.outputs.report-html }}
`;
