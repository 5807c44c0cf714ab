package io.appdbs.web;

import java.io.IOException;
import java.io.UncheckedIOException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * {@link HandlerExceptionResolver} that responds with status 503 and {@code Retry-After}
 * to a request that got no connection. Comes after the resolvers of the application, and
 * delegates a {@link ResponseStatusException}, so that the body has the format of the
 * application's other errors.
 */
public final class DatabaseHandlerExceptionResolver implements HandlerExceptionResolver, Ordered {

	private final UnavailableLog log = new UnavailableLog(System::nanoTime);

	private final HandlerExceptionResolver delegate;

	/**
	 * Creates a new {@link DatabaseHandlerExceptionResolver}.
	 * @param delegate resolves the {@link ResponseStatusException}
	 */
	public DatabaseHandlerExceptionResolver(HandlerExceptionResolver delegate) {
		this.delegate = delegate;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public @Nullable ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
			@Nullable Object handler, Exception failure) {
		UnavailableResponse unavailable = UnavailableResponse.to(failure);
		if (unavailable == null || response.isCommitted()) {
			return null;
		}
		this.log.log(request.getMethod(), request.getRequestURI(), unavailable);
		response.setHeader(HttpHeaders.RETRY_AFTER, unavailable.getRetryAfter());
		ResponseStatusException exception = unavailable.toException();
		ModelAndView resolved = this.delegate.resolveException(request, response, handler, exception);
		return (resolved != null) ? resolved : sendError(response, exception);
	}

	private static ModelAndView sendError(HttpServletResponse response, ResponseStatusException exception) {
		try {
			response.sendError(exception.getStatusCode().value(), exception.getReason());
			return new ModelAndView();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
