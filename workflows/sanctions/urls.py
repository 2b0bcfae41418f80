from django.urls import path

from workflows.sanctions import views

urlpatterns = [
    path("", views.order_list, name="sanction-orders"),
    path("measures/", views.measure_list, name="sanction-measures"),
    path("measures/<str:code>/", views.measure, name="sanction-measure"),
    path("<int:pk>/", views.order_page, name="sanction-order"),
    path("<int:pk>/answer/", views.answer, name="sanction-answer"),
]
