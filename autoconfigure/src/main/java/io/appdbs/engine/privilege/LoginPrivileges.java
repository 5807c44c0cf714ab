package io.appdbs.engine.privilege;

import java.util.List;
import java.util.Map;

/**
 * What has been read about a login.
 *
 * @param login the login, as statements name it
 * @param findings what it can do beyond reading and writing rows
 * @param tables the privileges on tables; read only if they are needed
 * @param notChecked what no login of this kind can read, as a plural, by the object
 */
public record LoginPrivileges(String login, List<PrivilegeFinding> findings, List<TablePrivileges> tables,
		Map<String, String> notChecked) {

	public LoginPrivileges {
		findings = List.copyOf(findings);
		tables = List.copyOf(tables);
		notChecked = Map.copyOf(notChecked);
	}

	/**
	 * Creates new {@link LoginPrivileges} that have been read completely.
	 * @param login the login, as statements name it
	 * @param findings what it can do beyond reading and writing rows
	 * @param tables the privileges on tables
	 */
	public LoginPrivileges(String login, List<PrivilegeFinding> findings, List<TablePrivileges> tables) {
		this(login, findings, tables, Map.of());
	}

}
