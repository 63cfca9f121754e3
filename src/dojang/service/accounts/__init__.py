"""People: sign-up, log-in, second factor. django-allauth does the work; the user has no name but an e-mail address."""
