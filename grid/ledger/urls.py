from django.urls import path

from grid.ledger import views

urlpatterns = [
    path("public/ledger/key.pem", views.public_key, name="ledger-key"),
    path("public/ledger/handovers.txt", views.handovers, name="ledger-handovers"),
    path("public/ledger/checkpoint.txt", views.checkpoint, name="ledger-checkpoint"),
]
