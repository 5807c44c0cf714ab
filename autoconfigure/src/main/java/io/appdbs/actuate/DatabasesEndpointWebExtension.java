package io.appdbs.actuate;

import java.util.Set;
import java.util.function.Supplier;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.UnknownDatabaseException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension} of the {@link DatabasesEndpoint}: values are shown to
 * authorized users, and invalid requests are answered with a message.
 */
@EndpointWebExtension(endpoint = DatabasesEndpoint.class)
public class DatabasesEndpointWebExtension {

	private final DatabasesEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Creates a new {@link DatabasesEndpointWebExtension}.
	 * @param delegate the endpoint
	 * @param showValues when to show values
	 * @param roles the roles of users who may see them
	 */
	public DatabasesEndpointWebExtension(DatabasesEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
	}

	/**
	 * Returns the state of the databases, of at most 100 at once.
	 * @param securityContext the user
	 * @param state the state of the databases to return, or {@code null} for all
	 * @param page the number of the page, from 0 on, or {@code null} for the first one
	 * @return the databases by name, or a message with status 400
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> databases(SecurityContext securityContext, @Nullable String state,
			@Nullable String page) {
		return respond(() -> this.delegate.databases(DatabasePages.of(state, page), isShown(securityContext)));
	}

	/**
	 * Returns the state of a database.
	 * @param securityContext the user
	 * @param name the name of the database
	 * @return the database, or a message with status 404
	 */
	@ReadOperation
	public WebEndpointResponse<?> database(SecurityContext securityContext, @Selector String name) {
		return respond(() -> this.delegate.database(name, isShown(securityContext)));
	}

	/**
	 * Returns what is known of a database in addition to its descriptor, without asking
	 * the database.
	 * @param securityContext the user
	 * @param name the name of the database
	 * @return the diagnosis
	 * @throws UnknownDatabaseException if there is no such database
	 */
	protected DatabaseDiagnosis diagnose(SecurityContext securityContext, String name) {
		return this.delegate.diagnose(name, isShown(securityContext));
	}

	/**
	 * Returns what a database reports about a topic.
	 * @param securityContext the user
	 * @param database the name of the database
	 * @param topic the topic
	 * @param fresh whether to ask the database anew
	 * @param name the name of a table to describe
	 * @return the report, or a message with status 400 or 404
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> topic(SecurityContext securityContext, @Selector String database,
			@Selector String topic, @Nullable Boolean fresh, @Nullable String name) {
		DatabaseTopics.Request request = new DatabaseTopics.Request(database, fresh, name, isShown(securityContext));
		WebEndpointResponse<OperationResponseBody> response = respond(() -> this.delegate.topic(topic, request));
		return (response.getBody() != null) ? response : new WebEndpointResponse<>(
				new ErrorDescriptor(this.delegate.describeUnknownTopic(topic)), WebEndpointResponse.STATUS_NOT_FOUND);
	}

	/**
	 * Executes an operation on a database.
	 * @param securityContext the user
	 * @param name the name of the database
	 * @param operation the operation
	 * @param mode whether callers of a suspended database wait or fail
	 * @param drainTimeout how long to wait for connections to be returned
	 * @param maximum the maximum size of the pool
	 * @param task the operation on a table, collection or index
	 * @param table the table, collection or index
	 * @param dryRun whether to return what would be executed
	 * @param id the identifier of a task
	 * @return the result of the operation, or a message with status 400 or 404
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> operate(SecurityContext securityContext, @Selector String name,
			@Nullable String operation, @Nullable String mode, @Nullable String drainTimeout, @Nullable String maximum,
			@Nullable String task, @Nullable String table, @Nullable String dryRun, @Nullable String id) {
		OperationRequest request = new OperationRequest(operation, mode, drainTimeout, maximum,
				new MaintenanceParameters(task, table, dryRun, id));
		return respond(
				() -> this.delegate.operate(securityContext.getPrincipal(), name, request, isShown(securityContext)));
	}

	private boolean isShown(SecurityContext securityContext) {
		return this.showValues.isShown(securityContext, this.roles);
	}

	private static WebEndpointResponse<OperationResponseBody> respond(
			Supplier<? extends @Nullable OperationResponseBody> body) {
		try {
			return new WebEndpointResponse<>(body.get());
		}
		catch (UnknownDatabaseException ex) {
			return error(ex, WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (IllegalDatabaseOperationException | InvalidEndpointRequestException ex) {
			return error(ex, WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	private static WebEndpointResponse<OperationResponseBody> error(RuntimeException ex, int status) {
		return new WebEndpointResponse<>(new ErrorDescriptor(String.valueOf(ex.getMessage())), status);
	}

	/**
	 * Error of a request.
	 *
	 * @param message the error and the known alternatives
	 */
	public record ErrorDescriptor(String message) implements OperationResponseBody {

	}

}
