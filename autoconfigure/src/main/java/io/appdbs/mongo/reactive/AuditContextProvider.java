package io.appdbs.mongo.reactive;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.mongodb.ContextProvider;
import com.mongodb.RequestContext;
import com.mongodb.reactivestreams.client.ReactiveContextProvider;
import io.appdbs.audit.unit.AuditTrail;
import io.appdbs.audit.unit.AuditUsers;
import io.appdbs.mongo.command.AuditCommandListener;
import io.appdbs.rls.RlsContext;
import io.appdbs.rls.RlsContextThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.util.ClassUtils;

/**
 * {@link ReactiveContextProvider} that finds the user of an operation when it is
 * subscribed to: in the context of the subscriber or, if that has none, on the thread.
 */
public final class AuditContextProvider implements ReactiveContextProvider {

	private static final boolean securityPresent = ClassUtils.isPresent(
			"org.springframework.security.core.context.ReactiveSecurityContextHolder",
			AuditContextProvider.class.getClassLoader());

	private static final boolean contextPropagationPresent = ClassUtils
		.isPresent("io.micrometer.context.ThreadLocalAccessor", AuditContextProvider.class.getClassLoader());

	private final AuditTrail trail;

	private final @Nullable ContextProvider next;

	/**
	 * Creates a new {@link AuditContextProvider}.
	 * @param trail records the operations
	 * @param next the provider of the application or {@code null} if there is none
	 */
	public AuditContextProvider(AuditTrail trail, @Nullable ContextProvider next) {
		this.trail = trail;
		this.next = next;
	}

	@Override
	public RequestContext getContext(Subscriber<?> subscriber) {
		RequestContext context = (this.next instanceof ReactiveContextProvider provider)
				? provider.getContext(subscriber) : new MapRequestContext();
		Context values = (subscriber instanceof CoreSubscriber<?> core) ? core.currentContext() : Context.empty();
		String name = securityPresent ? Security.getName(values) : null;
		context.put(AuditCommandListener.ORIGIN, this.trail.getOrigin(AuditUsers.of(findRlsContext(values), name)));
		return context;
	}

	private static @Nullable RlsContext findRlsContext(Context values) {
		return contextPropagationPresent ? values.getOrDefault(RlsContextThreadLocalAccessor.KEY, null) : null;
	}

	/**
	 * Loaded only if there is Spring Security.
	 */
	private static final class Security {

		private static final AuthenticationTrustResolver trustResolver = new AuthenticationTrustResolverImpl();

		/**
		 * Returns the name of the user. It is not waited for, as this must not block.
		 */
		static @Nullable String getName(Context values) {
			Mono<String> name = ReactiveSecurityContextHolder.getContext()
				.mapNotNull(SecurityContext::getAuthentication)
				.filter(trustResolver::isAuthenticated)
				.map(Authentication::getName)
				.onErrorComplete()
				.contextWrite(values);
			return name.toFuture().getNow(null);
		}

	}

	/**
	 * A context that is used within one operation, by several threads.
	 */
	private static final class MapRequestContext implements RequestContext {

		private final Map<Object, Object> values = new ConcurrentHashMap<>();

		@Override
		@SuppressWarnings("unchecked")
		public <T> T get(Object key) {
			Object value = this.values.get(key);
			if (value == null) {
				throw new NoSuchElementException("No value for " + key);
			}
			return (T) value;
		}

		@Override
		public boolean hasKey(Object key) {
			return this.values.containsKey(key);
		}

		@Override
		public boolean isEmpty() {
			return this.values.isEmpty();
		}

		@Override
		public void put(Object key, Object value) {
			this.values.put(key, value);
		}

		@Override
		public void delete(Object key) {
			this.values.remove(key);
		}

		@Override
		public int size() {
			return this.values.size();
		}

		@Override
		public Stream<Map.Entry<Object, Object>> stream() {
			return this.values.entrySet().stream();
		}

	}

}
