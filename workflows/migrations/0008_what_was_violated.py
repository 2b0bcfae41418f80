# HAND-WRITTEN
"""What an inspection is about, the collector's own order, and the term to correct of a decision."""

from django.db import migrations, models


class Migration(migrations.Migration):
    # The columns are new and the code before leaves them empty, which each of the constraints takes.
    obeyed_since = "0.1"

    dependencies = [
        ('workflows', '0007_investigation_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='inspection',
            name='correction_due_on',
            field=models.DateField(null=True, verbose_name='处罚决定责令改正期限'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='correction_expired_on',
            field=models.DateField(null=True, verbose_name='处罚决定责令改正期限届满'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='ended_on',
            field=models.DateField(null=True, verbose_name='违法行为终了之日'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='late_why',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='逾二年仍立案的理由'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='order_met_on',
            field=models.DateField(null=True, verbose_name='责令期限内改正'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='ordered_for',
            field=models.CharField(blank=True, choices=[('unregistered', '未依法办理社会保险登记'), ('missed', '未为部分职工办理社会保险登记'), ('unpaid', '未按时足额缴纳社会保险费'), ('concealed', '瞒报工资总额或者职工人数'), ('obstruction', '抗拒、阻挠劳动保障监察'), ('defiance', '经责令改正拒不改正')], db_default='', default='', max_length=20, verbose_name='责令改正的违法行为'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='tax_due_on',
            field=models.DateField(null=True, verbose_name='税务机关限期缴纳届满'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='tax_number',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='税务机关限期缴纳文号'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='tax_served_on',
            field=models.DateField(null=True, verbose_name='税务机关限期缴纳送达'),
        ),
        migrations.AlterField(
            model_name='inspection',
            name='violation',
            field=models.CharField(blank=True, choices=[('unregistered', '未依法办理社会保险登记'), ('missed', '未为部分职工办理社会保险登记'), ('unpaid', '未按时足额缴纳社会保险费'), ('concealed', '瞒报工资总额或者职工人数'), ('obstruction', '抗拒、阻挠劳动保障监察'), ('defiance', '经责令改正拒不改正')], max_length=20, verbose_name='违法行为'),
        ),
        migrations.AddConstraint(
            model_name='inspection',
            constraint=models.CheckConstraint(condition=models.Q(('decided_on__isnull', True), models.Q(('violation', 'unpaid'), _negated=True), ('ordered_for', ''), models.Q(models.Q(('tax_number', ''), _negated=True), ('tax_due_on__isnull', False), ('tax_due_on__lt', models.F('decided_on')), ('tax_served_on__isnull', False)), _connector='OR'), name='inspection_unpaid_after_tax_order', violation_error_message="arrears are punished when the collector's own order has run out"),
        ),
        migrations.AddConstraint(
            model_name='inspection',
            constraint=models.CheckConstraint(condition=models.Q(('order_met_on__isnull', True), ('order_expired_on__isnull', True), _connector='OR'), name='inspection_met_or_expired', violation_error_message='an order is met or runs out, not both'),
        ),
        migrations.AddConstraint(
            model_name='inspection',
            constraint=models.CheckConstraint(condition=models.Q(('correction_expired_on__isnull', True), models.Q(('correction_due_on__lte', models.F('correction_expired_on')), ('served_on__isnull', False)), _connector='OR'), name='inspection_correction_expires_after_its_term', violation_error_message='the term to correct of a decision runs from its service'),
        ),
    ]
