package io.appdbs.sample.orders;

import io.appdbs.replica.ReplicaReadsUserProvider;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Lets customers read their own orders. A replica gets an order a moment later, so for
 * two seconds after a write its user reads from the database itself.
 */
@Configuration(proxyBeanMethods = false)
class OrderReadsConfiguration {

	/**
	 * Customers do not log in to order, so the same address is the same user.
	 */
	@Bean
	@Qualifier("orders")
	ReplicaReadsUserProvider customer() {
		return () -> (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? attributes.getRequest().getRemoteAddr() : null;
	}

}
