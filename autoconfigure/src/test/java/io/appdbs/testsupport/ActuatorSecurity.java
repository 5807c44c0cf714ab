package io.appdbs.testsupport;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/**
 * Configurations that let everybody in, and know who some of them are.
 */
public final class ActuatorSecurity {

	private ActuatorSecurity() {
	}

	private static UserDetails[] users() {
		return new UserDetails[] { User.withUsername("operator").password("{noop}secret").roles("OPERATOR").build(),
				User.withUsername("guest").password("{noop}secret").roles("GUEST").build() };
	}

	@Configuration(proxyBeanMethods = false)
	public static class Servlet {

		@Bean
		SecurityFilterChain securityFilterChain(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf(AbstractHttpConfigurer::disable)
				.build();
		}

		@Bean
		UserDetailsService userDetailsService() {
			return new InMemoryUserDetailsManager(users());
		}

	}

	@Configuration(proxyBeanMethods = false)
	public static class Reactive {

		@Bean
		SecurityWebFilterChain securityWebFilterChain(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf(ServerHttpSecurity.CsrfSpec::disable)
				.build();
		}

		@Bean
		MapReactiveUserDetailsService userDetailsService() {
			return new MapReactiveUserDetailsService(users());
		}

	}

	/**
	 * What Spring Boot does where the application says nothing of security.
	 */
	@Configuration(proxyBeanMethods = false)
	public static class Default {

	}

}
