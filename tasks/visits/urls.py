from django.urls import path

from tasks.facts.views import subject_facts
from tasks.visits import deciding, views

urlpatterns = [
    path("clashes/", deciding.clash_list, name="clashes"),
    path("clashes/<str:code>/", deciding.clash_page, name="clash"),
    path("unclaimed/", deciding.unclaimed_list, name="unclaimed"),
    path("unclaimed/<str:code>/", deciding.unclaimed_page, name="unclaimed-visit"),
    path("unclaimed/<str:code>/claim/", deciding.claim, name="claim-visit"),
    path("unclaimed/<str:code>/accept/", deciding.accept, name="accept-visit"),
    path("unclaimed/<str:code>/aside/", deciding.lay_aside, name="lay-aside-visit"),
    path("held/", deciding.held_list, name="held-visits"),
    path("held/aside/", deciding.lay_held_aside, name="lay-held-aside"),
    path("held/<str:code>/", deciding.held_page, name="held-visit"),
    path("held/<str:code>/accept/", deciding.accept_held, name="accept-held"),
    path("facts/<int:pk>/", subject_facts, name="subject-facts"),
    path("<str:code>/", views.visit_page, name="visit"),
    path("<str:code>/photos/<str:sha256>/", views.photo, name="visit-photo"),
]
