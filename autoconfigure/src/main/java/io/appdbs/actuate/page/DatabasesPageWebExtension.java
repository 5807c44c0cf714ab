package io.appdbs.actuate.page;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.appdbs.actuate.DatabasesEndpoint;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;
import io.appdbs.actuate.DatabasesEndpoint.DatabasesDescriptor;
import io.appdbs.actuate.DatabasesEndpointWebExtension;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.util.MimeType;

/**
 * {@link EndpointWebExtension} of the {@link DatabasesEndpoint} that answers browsers
 * with a page. All others get the JSON, as the operations differ in what they produce.
 */
@EndpointWebExtension(endpoint = DatabasesEndpoint.class)
@ImportRuntimeHints(PageAssets.Hints.class)
public class DatabasesPageWebExtension extends DatabasesEndpointWebExtension {

	private static final String HTML = "text/html;charset=UTF-8";

	private static final MimeType HTML_TYPE = MimeType.valueOf(HTML);

	private final PageAssets assets = new PageAssets();

	private final Supplier<String> path;

	private final BooleanSupplier writable;

	/**
	 * Creates a new {@link DatabasesPageWebExtension}.
	 * @param delegate the endpoint
	 * @param showValues when to show values
	 * @param roles the roles of users who may see them
	 * @param path returns the path of the endpoint
	 * @param writable returns whether access to the endpoint is unrestricted
	 */
	public DatabasesPageWebExtension(DatabasesEndpoint delegate, Show showValues, Set<String> roles,
			Supplier<String> path, BooleanSupplier writable) {
		super(delegate, showValues, roles);
		this.path = path;
		this.writable = writable;
	}

	/**
	 * Returns a page with databases.
	 * @param securityContext the user
	 * @param state the state of the databases, or {@code null} for all
	 * @param page the number of the page, from 0 on, or {@code null} for the first one
	 * @return the page, or a message with status 400
	 */
	@ReadOperation(produces = HTML)
	public WebEndpointResponse<String> page(SecurityContext securityContext, @Nullable String state,
			@Nullable String page) {
		WebEndpointResponse<OperationResponseBody> response = databases(securityContext, state, page);
		if (!(response.getBody() instanceof DatabasesDescriptor descriptor)) {
			String message = (response.getBody() instanceof ErrorDescriptor error) ? error.message() : "";
			return html(new DatabasePage(PageLinks.ofAll(getSegment()), now(), List.of()).renderUnknown(message),
					response.getStatus());
		}
		List<DatabaseView> databases = descriptor.databases()
			.values()
			.stream()
			.map((database) -> view(securityContext, database))
			.toList();
		return html(new DatabasesPage(PageLinks.ofAll(getSegment()), now()).render(databases, descriptor.page(), state),
				WebEndpointResponse.STATUS_OK);
	}

	/**
	 * Returns the page of a database.
	 * @param securityContext the user
	 * @param name the name of the database
	 * @return the page, or a page with a message and status 404
	 */
	@ReadOperation(produces = HTML)
	public WebEndpointResponse<String> page(SecurityContext securityContext, @Selector String name) {
		DatabasePage page = new DatabasePage(PageLinks.ofOne(getSegment()), now(),
				DatabasePage.sections(this.writable.getAsBoolean()));
		WebEndpointResponse<?> response = super.database(securityContext, name);
		if (response.getBody() instanceof DatabaseDescriptor database) {
			return html(page.render(view(securityContext, database)), response.getStatus());
		}
		String message = (response.getBody() instanceof ErrorDescriptor error) ? error.message() : "";
		return html(page.renderUnknown(message), response.getStatus());
	}

	/**
	 * Returns the state of a database, or a file of the page: browsers do not ask for
	 * these as HTML.
	 * @param securityContext the user
	 * @param name the name of the database or of the file
	 * @return the database or the file, or a message with status 404
	 */
	@Override
	@ReadOperation
	public WebEndpointResponse<?> database(SecurityContext securityContext, @Selector String name) {
		WebEndpointResponse<String> asset = this.assets.find(name);
		return (asset != null) ? asset : super.database(securityContext, name);
	}

	private DatabaseView view(SecurityContext securityContext, DatabaseDescriptor database) {
		return new DatabaseView(database, diagnose(securityContext, database.name()));
	}

	private String getSegment() {
		String path = this.path.get();
		return path.substring(path.lastIndexOf('/') + 1);
	}

	private static PageFormat now() {
		return new PageFormat(Instant.now());
	}

	private static WebEndpointResponse<String> html(String page, int status) {
		return new WebEndpointResponse<>(page, status, HTML_TYPE);
	}

}
