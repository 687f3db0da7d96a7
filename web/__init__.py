"""The Django project: settings of the catalogue's database; the web pages live here too."""
