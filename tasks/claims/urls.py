from django.urls import path

from tasks.claims import views

urlpatterns = [
    path("", views.claim_list, name="claims"),
    path("asked/", views.asked_list, name="claims-asked"),
    path("asked/<int:pk>/", views.asked, name="claims-reply"),
    path("<int:pk>/refuse/", views.refuse, name="claim-refuse"),
]
