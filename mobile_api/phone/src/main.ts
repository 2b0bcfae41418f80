import { createApp } from 'vue'
import { registerSW } from 'virtual:pwa-register'
import App from './App.vue'
import { startState, state } from './state'
import { startEngine } from './sync/engine'
import { followTheme } from './theme'
import './vant'
import './styles.css'
import './more.css'

followTheme()

const update = registerSW({
  onNeedRefresh() {
    state.update = () => void update(true)
  },
})

// After a release the old pieces are gone from the server: a page still open then offers the new one.
addEventListener('vite:preloadError', () => {
  if (navigator.onLine) state.update = () => location.reload()
})

void startState().then(() => {
  createApp(App).mount('#app')
  if (!state.broken) startEngine()
})
