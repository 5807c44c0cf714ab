import groovy.json.JsonSlurper
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers

// The report of the test has its class path, and so the versions that the application gets.
def report = new File(basedir, 'target/surefire-reports').listFiles().find { it.name.endsWith('.xml') }.text
for (library in libraries.split(' ')) {
	assert report.contains("${library}.jar")
}

// The commands of docs/getting-started.md, each with the output that the page prints below it.
def outputs = [:]
def command = null
(gettingStarted as File).text.findAll(~/(?ms)(?<!`:\n)^```(sh|text|json)\n(.*?)\n```$/) { match, language, content ->
	if (language == 'sh') {
		command = content
	}
	else {
		outputs[command] = content
	}
}
def curls = outputs.findAll { it.key.startsWith('curl ') }
assert outputs.keySet() - curls.keySet() == ['mvn test', 'mvn spring-boot:run'] as Set
assert curls.size() >= 5

def withoutFigures = { it.replaceAll(/\d+/, '0') }
outputs['mvn test'].eachLine { line -> assert new File(basedir, 'build.log').text.contains(line) }

// Times, ports and connections differ between runs, and '…' stands for any value.
def similar
similar = { expected, actual, key = null ->
	if (expected == '…') {
		return true
	}
	if (expected instanceof Map && actual instanceof Map) {
		return expected.keySet() == actual.keySet() && expected.every { similar(it.value, actual[it.key], it.key) }
	}
	if (expected instanceof List && actual instanceof List) {
		return expected.size() == actual.size() && [expected, actual].transpose().every { similar(*it) }
	}
	def variable = key in ['active', 'idle'] || expected ==~ /PT[\d.]+S|\d{4}-\d\d-\d\dT.*Z/
	return variable ? actual.class == expected.class : expected == actual || withoutFigures("$expected") == withoutFigures("$actual") && expected ==~ /localhost:\d+/
}

def application = new ProcessBuilder("${System.getProperty('java.home')}/bin/java", '-jar', "$basedir/target/shop-1.0.0.jar", '--server.port=0')
	.redirectErrorStream(true)
	.start()
try {
	def log = []
	def reader = application.inputReader()
	while (!log.any { it.contains('Started ShopApplication') }) {
		def line = reader.readLine()
		assert line != null : log.join('\n')
		log << line
	}
	outputs['mvn spring-boot:run'].eachLine { line -> assert log.any { withoutFigures(it).endsWith(withoutFigures(line)) } : "$line in\n${log.join('\n')}" }
	def port = (log.join() =~ /Tomcat started on port (\d+)/)[0][1]

	curls.each { curl, output ->
		def (match, data, url) = (curl =~ /^curl (?:-d "(.*)" )?(http:\S+)$/)[0]
		def request = HttpRequest.newBuilder(URI.create(url.replace(':8080', ":$port")))
		if (data) {
			request.header('Content-Type', 'application/x-www-form-urlencoded').POST(HttpRequest.BodyPublishers.ofString(data))
		}
		def answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body()
		assert similar(new JsonSlurper().parseText(output), new JsonSlurper().parseText(answer)) : "$curl: $answer"
	}
}
finally {
	application.destroy()
	application.waitFor()
}
return true
