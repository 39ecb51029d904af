"""The open project: document, jobs, settings, texts. No widgets."""
