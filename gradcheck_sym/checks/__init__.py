"""Named checks of a project, which stand in its pyproject.toml: `gradcheck-sym --all`."""
