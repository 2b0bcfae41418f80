from django.urls import path

from tasks.rounds import views

urlpatterns = [
    path("", views.round_list, name="rounds"),
    path("new/", views.new, name="round-new"),
    path("<str:code>/change/", views.change, name="round-change"),
    path("<str:code>/plan/", views.plan, name="round-plan"),
    path("<str:code>/doors/", views.doors, name="round-doors"),
    path("<str:code>/doors/hand-over/", views.hand_over, name="round-hand-over"),
]
