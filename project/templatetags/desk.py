"""Small words for templates; available everywhere without loading."""

from django import template

register = template.Library()
