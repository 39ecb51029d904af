"""Values: what a project, a layer, a scheme, a standard and a plan are. No files, no Qt."""
