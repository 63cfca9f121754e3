"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from dojang.service.web.patience import be_impatient

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dojang.service.settings")
application = get_wsgi_application()
be_impatient()
