from django.urls import path

from workflows.merging.views import merge_page

urlpatterns = [path("<int:pk>/merge/", merge_page, name="subject-merge")]
