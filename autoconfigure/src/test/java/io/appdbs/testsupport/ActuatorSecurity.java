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
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

/**
 * Configurations that let everybody in, and know who some of them are.
 */
public final class ActuatorSecurity {

	private ActuatorSecurity() {
	}

	/**
	 * Weak, as each request would otherwise take a tenth of a second of processor time.
	 */
	private static PasswordEncoder passwordEncoder() {
		return new BCryptPasswordEncoder(4);
	}

	private static UserDetails[] users() {
		return new UserDetails[] { user("operator", "OPERATOR"), user("guest", "GUEST") };
	}

	private static UserDetails user(String name, String role) {
		return User.withUsername(name)
			.password("secret")
			.passwordEncoder(passwordEncoder()::encode)
			.roles(role)
			.build();
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
		PasswordEncoder passwordEncoder() {
			return ActuatorSecurity.passwordEncoder();
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
		PasswordEncoder passwordEncoder() {
			return ActuatorSecurity.passwordEncoder();
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
