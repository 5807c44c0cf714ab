package io.appdbs.replica;

import java.util.function.Function;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Takes the user from the HTTP request that the current thread serves, for servlet
 * applications without Spring Security.
 */
public final class HttpReplicaReadsUserProvider implements ReplicaReadsUserProvider {

	private final Function<HttpServletRequest, @Nullable String> user;

	private HttpReplicaReadsUserProvider(Function<HttpServletRequest, @Nullable String> user) {
		this.user = user;
	}

	/**
	 * Creates a provider for which requests of the same session have the same user. It
	 * creates no session; a request without one has no user.
	 * @return the provider
	 */
	public static HttpReplicaReadsUserProvider ofSession() {
		return new HttpReplicaReadsUserProvider((request) -> {
			HttpSession session = request.getSession(false);
			return (session != null) ? session.getId() : null;
		});
	}

	/**
	 * Creates a provider for which requests with the same value of a header have the same
	 * user.
	 * @param name the name of the header; a request without it has no user
	 * @return the provider
	 */
	public static HttpReplicaReadsUserProvider ofHeader(String name) {
		Assert.hasText(name, "'name' must not be empty");
		return new HttpReplicaReadsUserProvider((request) -> request.getHeader(name));
	}

	@Override
	public @Nullable String getUser() {
		if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)) {
			return null;
		}
		try {
			return this.user.apply(attributes.getRequest());
		}
		catch (IllegalStateException ex) {
			// the request has ended, and the thread goes on
			return null;
		}
	}

}
