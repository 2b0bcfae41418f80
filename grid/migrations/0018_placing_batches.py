import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grid', '0017_area_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlacingBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('one', '逐户归格'), ('group', '成组归格'), ('ticked', '勾选归格'), ('table', '按表格归格'), ('proposed', '确认建议')], max_length=10, verbose_name='方式')),
                ('what', models.CharField(max_length=120, verbose_name='内容')),
                ('area', models.CharField(max_length=15)),
                ('at', models.DateTimeField(verbose_name='办理时间')),
                ('taught', models.JSONField(default=list)),
                ('report', models.JSONField(default=list)),
                ('undone_at', models.DateTimeField(null=True, verbose_name='撤销时间')),
                ('undone_why', models.CharField(blank=True, max_length=100, verbose_name='撤销理由')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '归格批次',
            },
        ),
        migrations.CreateModel(
            name='PlacingLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(max_length=15)),
                ('before_why', models.CharField(max_length=200)),
                ('after', models.CharField(max_length=15)),
                ('state', models.CharField(choices=[('waiting', '等待办理'), ('placed', '已归格'), ('passed', '未归格'), ('restored', '已撤销'), ('kept', '未撤销')], default='placed', max_length=10, verbose_name='结果')),
                ('why', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='grid.placingbatch')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='grid.subject')),
            ],
        ),
        migrations.AddIndex(
            model_name='placingbatch',
            index=models.Index(fields=['area', '-id'], name='placing_area_newest'),
        ),
        migrations.AddIndex(
            model_name='placingline',
            index=models.Index(fields=['batch', 'state'], name='placingline_state'),
        ),
        migrations.AddConstraint(
            model_name='placingline',
            constraint=models.UniqueConstraint(fields=('batch', 'subject'), name='placingline_once'),
        ),
    ]
