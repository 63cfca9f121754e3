"""Words of workspaces in templates: `{% load workspaces %}`."""

from django import template

from dojang.service.workspaces import words

register = template.Library()
register.filter("role_text", words.role_text)
