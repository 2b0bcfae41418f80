from django.urls import path

from tasks.rounds import views
from tasks.rounds.choosing import views as choosing
from tasks.rounds.comparing import views as comparing

urlpatterns = [
    path("", views.round_list, name="rounds"),
    path("new/", views.new, name="round-new"),
    path("compare/", comparing.compare, name="rounds-compare"),
    path("choices/", choosing.choices, name="round-choices"),
    path("choices/new/", choosing.save, name="round-choice-new"),
    path("choices/<slug:key>/", choosing.choice, name="round-choice"),
    path("choices/<slug:key>/retire/", choosing.retire, name="round-choice-retire"),
    path("lists/", choosing.lists, name="round-lists"),
    path("lists/new/", choosing.take, name="round-list-new"),
    path("lists/<int:pk>/", choosing.one_list, name="round-list"),
    path("lists/<int:pk>/retire/", choosing.retire_list, name="round-list-retire"),
    path("<str:code>/change/", views.change, name="round-change"),
    path("<str:code>/plan/", views.plan, name="round-plan"),
    path("<str:code>/doors/", views.doors, name="round-doors"),
    path("<str:code>/doors/hand-over/", views.hand_over, name="round-hand-over"),
]
