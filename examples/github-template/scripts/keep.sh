#!/usr/bin/env bash
# Commits the posts to BRANCH and replaces the branch `state`, in one push: a database that calls papers published is never
# kept without their posts, nor posts without it. Takes the folders `handed/posts`, if there is one, and `handed/state`.
#
# The branch `state` has one commit, without a history: a database that changes every night would soon fill the repository.
# RESTORED is the commit that the night began from; where another one has taken its place, nothing is pushed.
set -euo pipefail

git config user.name chatpaper
git config user.email chatpaper@users.noreply.github.com
today=$(date +%F)

if [ -d handed/posts ]; then
  rm -rf posts
  mv handed/posts posts
  git add --force posts
fi
git diff --cached --quiet || git commit --quiet --message "Posts of $today"

export GIT_INDEX_FILE=$RUNNER_TEMP/state.index
git -C handed/state --git-dir="$PWD/.git" --work-tree=. add --force --all .
state=$(git commit-tree -m "State after $today" "$(git write-tree)")
unset GIT_INDEX_FILE

# Somebody may have pushed while the papers were read: their change of a file wins over ours.
for _ in 1 2 3; do
  git fetch --quiet origin "$BRANCH"
  git rebase --quiet --strategy-option ours FETCH_HEAD || break
  if git push --quiet --atomic --force-with-lease="refs/heads/state:$RESTORED" origin \
      "HEAD:refs/heads/$BRANCH" "$state:refs/heads/state"; then
    exit
  fi
done
echo "::error::The posts and the state of this night were not kept: the branch state is not the one it began from, or pushes to $BRANCH are not allowed. The next night makes up for it."
exit 1
