export { sendAlerts } from './alertmanager/alertmanager.ts'
export { type DeliveryContext, DeliveryError, type Egress, type Lookup } from './delivery.ts'
export { ping } from './ping.ts'
export { deliver } from './registry.ts'
