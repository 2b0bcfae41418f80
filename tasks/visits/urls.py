from django.urls import path

from tasks.visits import views

urlpatterns = [
    path("<str:code>/", views.visit_page, name="visit"),
    path("<str:code>/photos/<str:sha256>/", views.photo, name="visit-photo"),
]
