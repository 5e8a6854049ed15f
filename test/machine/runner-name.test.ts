import { describe, expect, it } from 'vitest';
import { runnerName } from '../../src/machine/runner-name.js';

describe("the runner's name", () => {
  it('is that of a self-hosted runner', () => {
    expect(runnerName({ RUNNER_NAME: 'gpu-1', RUNNER_ENVIRONMENT: 'self-hosted' })).toBe('gpu-1');
    expect(runnerName({ RUNNER_NAME: 'gpu-1' })).toBe('gpu-1');
  });

  it("is the kind of one of GitHub's own, whose names change from job to job", () => {
    const hosted = { RUNNER_ENVIRONMENT: 'github-hosted', RUNNER_OS: 'Linux', RUNNER_ARCH: 'ARM64' };
    expect(runnerName({ ...hosted, RUNNER_NAME: 'GitHub Actions 7' })).toBe('GitHub-hosted Linux ARM64');
    expect(runnerName({ ...hosted, RUNNER_NAME: 'GitHub Actions 1000012' })).toBe(
      'GitHub-hosted Linux ARM64',
    );
  });

  it('is none where no runner is', () => {
    expect(runnerName({})).toBeNull();
    expect(runnerName({ RUNNER_NAME: '' })).toBeNull();
  });
});
