from django.urls import path

from tasks.arrivals import views

urlpatterns = [
    path("clashes/", views.clash_list, name="clashes"),
    path("clashes/<str:code>/", views.clash_page, name="clash"),
    path("unclaimed/", views.unclaimed_list, name="unclaimed"),
    path("unclaimed/<str:code>/", views.unclaimed_page, name="unclaimed-visit"),
    path("unclaimed/<str:code>/claim/", views.claim, name="claim-visit"),
    path("unclaimed/<str:code>/accept/", views.accept, name="accept-visit"),
    path("unclaimed/<str:code>/aside/", views.dismiss, name="lay-aside-visit"),
    path("held/", views.held_list, name="held-visits"),
    path("held/aside/", views.dismiss_held, name="lay-held-aside"),
    path("held/<str:code>/", views.held_page, name="held-visit"),
    path("held/<str:code>/accept/", views.accept_held, name="accept-held"),
]
