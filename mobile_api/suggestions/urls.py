from django.urls import path

from mobile_api.suggestions import views

urlpatterns = [
    path("", views.suggestion_list, name="suggestions"),
    path("<int:pk>/answer/", views.answer, name="suggestion-answer"),
]
