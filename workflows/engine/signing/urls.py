from django.urls import path

from workflows.engine.signing import views

urlpatterns = [
    path("<str:code>/<slug:kind>/take-back/", views.take_back, name="take-back"),
    path("<str:code>/<slug:kind>/<slug:way>/", views.ask, name="move-ask"),
    path("<int:pk>/<slug:act>/", views.answer, name="move-answer"),
]
