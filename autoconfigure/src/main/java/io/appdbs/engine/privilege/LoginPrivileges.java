package io.appdbs.engine.privilege;

import java.util.List;

/**
 * What has been read about a login.
 *
 * @param login the login, as statements name it
 * @param findings what it can do beyond reading and writing rows
 * @param tables the privileges on tables; read only if they are needed
 */
public record LoginPrivileges(String login, List<PrivilegeFinding> findings, List<TablePrivileges> tables) {

	public LoginPrivileges {
		findings = List.copyOf(findings);
		tables = List.copyOf(tables);
	}

}
