package io.appdbs.web;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;

/**
 * {@link WebExceptionHandler} that responds with status 503 and {@code Retry-After} to a
 * request that got no connection. Comes after the handlers of the application and
 * directly before the one of Spring Boot, which renders a {@link ResponseStatusException}
 * unless problem details are enabled.
 */
public final class DatabaseWebExceptionHandler implements WebExceptionHandler, Ordered {

	/** The order of Spring Boot's handler. */
	private static final int ORDER = -1;

	private final UnavailableLog log = new UnavailableLog(System::nanoTime);

	private final @Nullable ServerCodecConfigurer problemDetailCodecs;

	/**
	 * Creates a new {@link DatabaseWebExceptionHandler}.
	 * @param problemDetailCodecs write problem details, or {@code null} if the next
	 * handler writes the body
	 */
	public DatabaseWebExceptionHandler(@Nullable ServerCodecConfigurer problemDetailCodecs) {
		this.problemDetailCodecs = problemDetailCodecs;
	}

	@Override
	public int getOrder() {
		return ORDER;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		UnavailableResponse unavailable = UnavailableResponse.to(failure);
		if (unavailable == null || exchange.getResponse().isCommitted()) {
			return Mono.error(failure);
		}
		this.log.log(exchange.getRequest().getMethod().name(), exchange.getRequest().getPath().value(), unavailable);
		exchange.getResponse().getHeaders().set(HttpHeaders.RETRY_AFTER, unavailable.getRetryAfter());
		ResponseStatusException exception = unavailable.toException();
		return (this.problemDetailCodecs != null)
				? write(exchange, exception.getBody(), this.problemDetailCodecs.getWriters()) : Mono.error(exception);
	}

	private static Mono<Void> write(ServerWebExchange exchange, ProblemDetail problem,
			List<HttpMessageWriter<?>> writers) {
		problem.setInstance(URI.create(exchange.getRequest().getPath().value()));
		return ServerResponse.status(problem.getStatus())
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.bodyValue(problem)
			.flatMap((response) -> response.writeTo(exchange, new ServerResponse.Context() {

				@Override
				public List<HttpMessageWriter<?>> messageWriters() {
					return writers;
				}

				@Override
				public List<ViewResolver> viewResolvers() {
					return List.of();
				}

			}));
	}

}
