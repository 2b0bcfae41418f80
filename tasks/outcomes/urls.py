from django.urls import path

from tasks.outcomes import views

urlpatterns = [path("", views.outcomes, name="outcomes")]
