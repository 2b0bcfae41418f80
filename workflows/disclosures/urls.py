from django.urls import path

from workflows.disclosures import api, views

urlpatterns = [
    path("public/penalties/", views.public_list, name="public-penalties"),
    path("public/penalties/feed.json", api.feed_json, name="penalty-feed-json"),
    path("public/penalties/feed.csv", api.feed_csv, name="penalty-feed-csv"),
    path("public/penalties/<str:code>/", views.public_entry, name="public-penalty"),
    path("disclosures/", views.disclosure_list, name="disclosures"),
    path("disclosures/<str:code>/", views.disclosure, name="disclosure"),
    path("disclosures/<str:code>/<slug:name>/", views.disclosure_act, name="disclosure-act"),
]
