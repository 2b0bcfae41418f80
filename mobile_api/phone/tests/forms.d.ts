declare module 'virtual:forms' {
  const forms: { form: import('../src/types').Form; xml: string }[]
  export default forms
}
