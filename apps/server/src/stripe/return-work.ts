/** Due when an account is connected again at which there are methods of customers. Its ref is the account. */
export const RETURN_KIND = 'stripe.return'
