package io.appdbs.sample.wishes;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Asks for a user where there are wishes, and nowhere else. Row-level security takes the
 * user from Spring Security.
 */
@Configuration(proxyBeanMethods = false)
class WishSecurityConfiguration {

	@Bean
	SecurityFilterChain wishSecurity(HttpSecurity http) {
		return http.securityMatcher("/wishes/**")
			.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.httpBasic(Customizer.withDefaults())
			// no session and no cookie that another site could make use of
			.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(CsrfConfigurer::disable)
			.build();
	}

	/**
	 * Two customers to try it with; a real shop has them elsewhere.
	 */
	@Bean
	UserDetailsService customers() {
		return new InMemoryUserDetailsManager(User.withUsername("alice").password("{noop}alice").build(),
				User.withUsername("bob").password("{noop}bob").build());
	}

}
