from django.urls import path

from workflows.notices import views

urlpatterns = [
    path("notices/<int:pk>.pdf", views.pdf, name="notice-pdf"),
    path("v/", views.ask, name="verify-ask"),
    path("v/<str:code>", views.verify, name="verify"),
]
