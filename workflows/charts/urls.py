from django.urls import path

from workflows.charts import views

urlpatterns = [
    path("", views.flow_list, name="flows"),
    path("<slug:name>.bpmn", views.flow_file, name="flow-file"),
]
