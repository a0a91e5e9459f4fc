export { type DeliveryContext, DeliveryError, type Egress } from './delivery.ts'
export { deliver } from './registry.ts'
