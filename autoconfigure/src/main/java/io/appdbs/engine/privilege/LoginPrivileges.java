package io.appdbs.engine.privilege;

import java.util.List;

/**
 * What has been read about a login.
 *
 * @param login the login, as statements name it
 * @param findings what it can do beyond reading and writing rows
 * @param tables the privileges on tables; read only if they are needed
 * @param notChecked what no login of this kind can read, as a plural
 */
public record LoginPrivileges(String login, List<PrivilegeFinding> findings, List<TablePrivileges> tables,
		List<String> notChecked) {

	public LoginPrivileges {
		findings = List.copyOf(findings);
		tables = List.copyOf(tables);
		notChecked = List.copyOf(notChecked);
	}

	/**
	 * Creates new {@link LoginPrivileges} that have been read completely.
	 * @param login the login, as statements name it
	 * @param findings what it can do beyond reading and writing rows
	 * @param tables the privileges on tables
	 */
	public LoginPrivileges(String login, List<PrivilegeFinding> findings, List<TablePrivileges> tables) {
		this(login, findings, tables, List.of());
	}

}
