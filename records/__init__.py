"""The dossier catalogue: registers, scans, documents, attachments, events, search and rates."""
