from django.urls import path

from grid.registers import views

urlpatterns = [
    path("", views.deliveries, name="registers"),
    path("upload/", views.upload, name="register-upload"),
    path("<int:pk>/", views.delivery, name="delivery"),
    path("<int:pk>/refused.csv", views.refusals_csv, name="delivery-refused"),
]
