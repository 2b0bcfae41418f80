/** The few Vant widgets in use, each with its own style: the rest never reaches the phone. */
import 'vant/es/button/style/index'
import 'vant/es/checkbox/style/index'
import 'vant/es/checkbox-group/style/index'
import 'vant/es/dialog/style/index'
import 'vant/es/field/style/index'
import 'vant/es/pull-refresh/style/index'
import 'vant/es/radio/style/index'
import 'vant/es/radio-group/style/index'
import 'vant/es/search/style/index'
import 'vant/es/switch/style/index'
import 'vant/es/tabbar/style/index'
import 'vant/es/tabbar-item/style/index'
import 'vant/es/toast/style/index'

export {
  Button as VanButton,
  Checkbox as VanCheckbox,
  CheckboxGroup as VanCheckboxGroup,
  Field as VanField,
  PullRefresh as VanPullRefresh,
  Radio as VanRadio,
  RadioGroup as VanRadioGroup,
  Search as VanSearch,
  Switch as VanSwitch,
  Tabbar as VanTabbar,
  TabbarItem as VanTabbarItem,
  showConfirmDialog,
  showToast,
} from 'vant'
