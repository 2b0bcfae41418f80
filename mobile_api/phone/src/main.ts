import { createApp } from 'vue'
import App from './App.vue'
import { startState, state } from './state'
import { startEngine } from './sync/engine'
import { followTheme } from './theme'
import { keepUpToDate } from './update'
import './vant'
import './styles.css'
import './more.css'

followTheme()

void startState().then(() => {
  createApp(App).mount('#app')
  keepUpToDate()
  if (!state.broken) startEngine()
})
