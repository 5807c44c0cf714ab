package io.appdbs.actuate.page;

import java.util.ArrayList;
import java.util.List;

import io.appdbs.DatabaseState;
import io.appdbs.PoolUsage;
import io.appdbs.actuate.DatabasesEndpoint.DatabaseDescriptor;

/**
 * The operations that are possible now, as commands. There are no buttons: a button would
 * need the CSRF token of the application's security.
 */
final class OperationSection implements PageSection {

	@Override
	public void write(HtmlWriter html, DatabaseView database, PageFormat format) {
		PageSection.open(html, "operations", "Operations");
		html.open("p").text("Send one of these, with your login if the application asks for one:").close("p");
		for (String operation : findOperations(database.descriptor())) {
			html.open("pre").open("code");
			html.text("curl -H 'Content-Type: application/json' -d '%s' '".formatted(operation));
			html.element("span", "<the address of this page>", "class", "address").text("'");
			html.close("code").close("pre");
		}
		html.close("section");
	}

	static List<String> findOperations(DatabaseDescriptor database) {
		List<String> operations = new ArrayList<>();
		operations.add(operation("probe"));
		operations.add(operation(database.suspended() ? "resume" : "suspend"));
		PoolUsage pool = database.pool();
		if (pool != null) {
			operations.add("{\"operation\": \"set-maximum-pool-size\", \"maximum\": %d}".formatted(pool.maximum()));
		}
		if (database.credentials() != null && database.state() == DatabaseState.UP) {
			operations.add(operation("rotate"));
		}
		if (database.preparations().stream().anyMatch((report) -> report.details().containsKey("findings"))) {
			operations.add(operation("verify"));
		}
		if (database.backup() != null) {
			operations.add(operation("check-backup"));
		}
		return operations;
	}

	private static String operation(String name) {
		return "{\"operation\": \"%s\"}".formatted(name);
	}

}
