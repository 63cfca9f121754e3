from django.urls import path

from dojang.service.counterparties import answers

urlpatterns = [
    path("find", answers.find, name="counterparty_find"),
    path("items", answers.items, name="counterparty_items"),
]
