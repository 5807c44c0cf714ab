package com.example.tokens;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.tokens.TokenService.Token;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * In place of the service of a cloud.
 */
@Configuration(proxyBeanMethods = false)
public class CountedTokens {

	private static final List<String> requests = new CopyOnWriteArrayList<>();

	@Bean
	TokenService tokens() {
		return (host, port, username) -> {
			requests.add(username + "@" + host + ":" + port);
			return new Token("token-" + requests.size(), Instant.now().plusSeconds(900));
		};
	}

	public static List<String> getRequests() {
		return requests;
	}

}
