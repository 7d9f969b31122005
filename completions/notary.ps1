
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'notary' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'notary'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'notary' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Stage files or images to be signed as targets')
            [CompletionResult]::new('addhash', 'addhash', [CompletionResultType]::ParameterValue, 'Stage a target that is known by its hash')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Print a script that completes commands and options in a shell')
            [CompletionResult]::new('delegation', 'delegation', [CompletionResultType]::ParameterValue, 'Manage who may sign which targets')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove a collection from this machine, and from the server if asked to')
            [CompletionResult]::new('image', 'image', [CompletionResultType]::ParameterValue, 'Tell which images are trusted')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a new collection')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage private keys')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the targets of a collection')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep the login to a server in the secret store of the system')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the login to a server from the secret store of the system')
            [CompletionResult]::new('lookup', 'lookup', [CompletionResultType]::ParameterValue, 'Show one target of a collection')
            [CompletionResult]::new('publish', 'publish', [CompletionResultType]::ParameterValue, 'Sign the staged changes and upload them')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stage the removal of a target')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Drop staged changes')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve collections to other machines')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Add signatures to a publication that needs keys of several machines')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the changes that are staged')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'See, pin and forget which roots are trusted')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that a file is the target that was signed')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version of the program')
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who may sign a collection, or one name in it')
            [CompletionResult]::new('witness', 'witness', [CompletionResultType]::ParameterValue, 'Stage roles to be signed again as they are')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;add' {
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Stage what this image is in its registry, such as registry.example/team/app:1.0')
            [CompletionResult]::new('--registry-cacert', '--registry-cacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust for the registry')
            [CompletionResult]::new('--prefix', '--prefix', [CompletionResultType]::ParameterName, 'Put this in front of every name')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--custom', '--custom', [CompletionResultType]::ParameterName, 'JSON file with data to be signed along with the target')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Stage all files of the given directories under their relative paths')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;addhash' {
            [CompletionResult]::new('--sha256', '--sha256', [CompletionResultType]::ParameterName, 'SHA-256 of the file, 64 hex digits')
            [CompletionResult]::new('--sha512', '--sha512', [CompletionResultType]::ParameterName, 'SHA-512 of the file, 128 hex digits')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--custom', '--custom', [CompletionResultType]::ParameterName, 'JSON file with data to be signed along with the target')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;completion' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--no-descriptions', '--no-descriptions', [CompletionResultType]::ParameterName, 'Leave out the descriptions of commands and options')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;delegation' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Stage a delegation, or more keys and paths for one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the delegations of a collection')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Stage the removal of keys from all delegations')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stage the removal of a delegation, or of some of its keys and paths')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;delegation;add' {
            [CompletionResult]::new('--paths', '--paths', [CompletionResultType]::ParameterName, 'Prefixes of names, separated by commas or by repeating the option')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many of the keys must sign, 1 for a new delegation')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all-paths', '--all-paths', [CompletionResultType]::ParameterName, 'All names')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;delegation;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;delegation;purge' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Ids of the keys, separated by commas or by repeating the option; of those that are known here the first 7 or more digits suffice')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;delegation;remove' {
            [CompletionResult]::new('--paths', '--paths', [CompletionResultType]::ParameterName, 'Prefixes of names, separated by commas or by repeating the option')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all-paths', '--all-paths', [CompletionResultType]::ParameterName, 'All names')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;delegation;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Stage a delegation, or more keys and paths for one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the delegations of a collection')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Stage the removal of keys from all delegations')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stage the removal of a delegation, or of some of its keys and paths')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;delegation;help;add' {
            break
        }
        'notary;delegation;help;list' {
            break
        }
        'notary;delegation;help;purge' {
            break
        }
        'notary;delegation;help;remove' {
            break
        }
        'notary;delegation;help;help' {
            break
        }
        'notary;delete' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--remote', '--remote', [CompletionResultType]::ParameterName, 'Remove it from the server, too')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;image' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Print the trusted digest of an image')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;image;resolve' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;image;help' {
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Print the trusted digest of an image')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;image;help;resolve' {
            break
        }
        'notary;image;help;help' {
            break
        }
        'notary;init' {
            [CompletionResult]::new('--rootkey', '--rootkey', [CompletionResultType]::ParameterName, 'PEM file of the root key, encrypted with a passphrase')
            [CompletionResult]::new('--root-key-id', '--root-key-id', [CompletionResultType]::ParameterName, 'Root key in the key store or on the hardware token, for when there are several')
            [CompletionResult]::new('--rootcert', '--rootcert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to use for the root key instead of a self-signed one')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Roles whose keys are to be on the hardware token')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish the collection right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish the collection right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Put private keys into one encrypted file, or check such a file')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write private keys to stdout or into a file')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Remove passphrases of keys from the secret store of the system')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a private key')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Put private keys from PEM files into the key store')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the private keys of this machine')
            [CompletionResult]::new('passwd', 'passwd', [CompletionResultType]::ParameterValue, 'Change the passphrase of a private key')
            [CompletionResult]::new('remember', 'remember', [CompletionResultType]::ParameterValue, 'Keep passphrases of keys in the secret store of the system')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a private key out of use')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring private keys back from a backup')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the keys of a role and publish that')
            [CompletionResult]::new('unarchive', 'unarchive', [CompletionResultType]::ParameterValue, 'Bring a private key back from the archive')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;key;backup' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Only this key, by the first seven digits of its id or more (repeatable)')
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Only keys that were made for this collection or are in use for it (repeatable)')
            [CompletionResult]::new('--recipient', '--recipient', [CompletionResultType]::ParameterName, 'Encrypt for this age recipient instead of with a passphrase (repeatable)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'File of age identities that open the backup')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'Check a backup instead of making one')
            [CompletionResult]::new('--ask', '--ask', [CompletionResultType]::ParameterName, 'Ask for the passphrases of keys that are not known')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write into this file, readable by its owner only, instead of stdout')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write into this file, readable by its owner only, instead of stdout')
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Only the keys of this collection; several may be given')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Only this key, by its id or the first 7 or more digits of it; several may be given')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--archived', '--archived', [CompletionResultType]::ParameterName, 'Archived keys, too')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;forget' {
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Only keys of this collection')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Everything that is remembered')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;generate' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'What the key is for')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What the key is for')
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Collection of a targets, snapshot or timestamp key')
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Collection of a targets, snapshot or timestamp key')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write PREFIX.pem and PREFIX-key.pem instead of storing the key')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write PREFIX.pem and PREFIX-key.pem instead of storing the key')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace these files if they exist')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Make the key on the hardware token')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;import' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'What keys are for whose files do not say it, instead of delegation')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What keys are for whose files do not say it, instead of delegation')
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Collection of targets, snapshot and timestamp keys whose files do not say it')
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Collection of targets, snapshot and timestamp keys whose files do not say it')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be imported and store nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;list' {
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Only keys that were made for this collection or are in use for it (repeatable)')
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Only keys that were made for this collection or are in use for it (repeatable)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Only keys that were made for this role or are in use for it (repeatable)')
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'Only keys that were made for this role or are in use for it (repeatable)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Show kind and status of keys, archived keys and the server''s, also into pipes')
            [CompletionResult]::new('--long', '--long', [CompletionResultType]::ParameterName, 'Show kind and status of keys, archived keys and the server''s, also into pipes')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Show in addition the keys that somebody else has; implies --long')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show in addition the keys that somebody else has; implies --long')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;passwd' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;remember' {
            [CompletionResult]::new('--gun', '--gun', [CompletionResultType]::ParameterName, 'Only keys of this collection')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;remove' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--purge', '--purge', [CompletionResultType]::ParameterName, 'Destroy the key instead of moving it into the archive')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;restore' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Only this key, by the first seven digits of its id or more (repeatable)')
            [CompletionResult]::new('--identity', '--identity', [CompletionResultType]::ParameterName, 'File of age identities that open the backup')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show the keys in the backup and whether they are here, and restore nothing')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Check everything and say what would be restored, and restore nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Put keys that are here in another form into the archive, and restore those in the backup')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;rotate' {
            [CompletionResult]::new('-k', '-k', [CompletionResultType]::ParameterName, 'PEM file of a private key to use instead of a new one; can be repeated')
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'PEM file of a private key to use instead of a new one; can be repeated')
            [CompletionResult]::new('--key-id', '--key-id', [CompletionResultType]::ParameterName, 'Key of the key store or hardware token to use instead of a new one; can be repeated')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Have the new root signed by the root keys of so many versions before as well; -1 for all')
            [CompletionResult]::new('--legacy', '--legacy', [CompletionResultType]::ParameterName, 'Have the new root signed by the root keys of so many versions before as well; -1 for all')
            [CompletionResult]::new('--threshold', '--threshold', [CompletionResultType]::ParameterName, 'How many of the new root or targets keys must sign; as many as before if not given')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The file to write; `-` for stdout')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Leave the role to the server, which makes and holds the key (snapshot and timestamp)')
            [CompletionResult]::new('--server-managed', '--server-managed', [CompletionResultType]::ParameterName, 'Leave the role to the server, which makes and holds the key (snapshot and timestamp)')
            [CompletionResult]::new('--token', '--token', [CompletionResultType]::ParameterName, 'Make the new key on the hardware token')
            [CompletionResult]::new('--sign-only', '--sign-only', [CompletionResultType]::ParameterName, 'Sign with the keys that are here and write a file for others to sign, instead of uploading')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be published, without signing, storing or uploading anything')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before the root key is replaced')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before the root key is replaced')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;unarchive' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;key;help' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Put private keys into one encrypted file, or check such a file')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write private keys to stdout or into a file')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Remove passphrases of keys from the secret store of the system')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a private key')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Put private keys from PEM files into the key store')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the private keys of this machine')
            [CompletionResult]::new('passwd', 'passwd', [CompletionResultType]::ParameterValue, 'Change the passphrase of a private key')
            [CompletionResult]::new('remember', 'remember', [CompletionResultType]::ParameterValue, 'Keep passphrases of keys in the secret store of the system')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a private key out of use')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring private keys back from a backup')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the keys of a role and publish that')
            [CompletionResult]::new('unarchive', 'unarchive', [CompletionResultType]::ParameterValue, 'Bring a private key back from the archive')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;key;help;backup' {
            break
        }
        'notary;key;help;export' {
            break
        }
        'notary;key;help;forget' {
            break
        }
        'notary;key;help;generate' {
            break
        }
        'notary;key;help;import' {
            break
        }
        'notary;key;help;list' {
            break
        }
        'notary;key;help;passwd' {
            break
        }
        'notary;key;help;remember' {
            break
        }
        'notary;key;help;remove' {
            break
        }
        'notary;key;help;restore' {
            break
        }
        'notary;key;help;rotate' {
            break
        }
        'notary;key;help;unarchive' {
            break
        }
        'notary;key;help;help' {
            break
        }
        'notary;list' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;login' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'Show for which servers a login is kept instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;logout' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;lookup' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;publish' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'The file to write; `-` for stdout')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Upload such a file, which enough keys have signed, instead of what is staged; `-` for stdin')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--init', '--init', [CompletionResultType]::ParameterName, 'Make the collection if it does not exist')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be published, without signing or uploading anything')
            [CompletionResult]::new('--sign-only', '--sign-only', [CompletionResultType]::ParameterName, 'Sign with the keys that are here and write a file for others to sign, instead of uploading')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file if it exists')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;remove' {
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;reset' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Numbers of the changes, separated by commas or by repeating the option')
            [CompletionResult]::new('--number', '--number', [CompletionResultType]::ParameterName, 'Numbers of the changes, separated by commas or by repeating the option')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Drop all changes')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Address and port to listen on [default: 127.0.0.1:4443]')
            [CompletionResult]::new('--data', '--data', [CompletionResultType]::ParameterName, 'Directory of the database [default: server in the trust directory]')
            [CompletionResult]::new('--tls-cert', '--tls-cert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show to clients')
            [CompletionResult]::new('--tls-key', '--tls-key', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--client-ca', '--client-ca', [CompletionResultType]::ParameterName, 'PEM file of the authorities of clients, who then need a certificate')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'File with settings (.json, .toml or .yaml)')
            [CompletionResult]::new('--key-algorithm', '--key-algorithm', [CompletionResultType]::ParameterName, 'Kind of the keys that the server makes [default: ecdsa]')
            [CompletionResult]::new('--keep-versions', '--keep-versions', [CompletionResultType]::ParameterName, 'Versions of each file to keep, apart from roots, which are all kept [default: 10]')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'Form of the log on stderr')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--tls-self-signed', '--tls-self-signed', [CompletionResultType]::ParameterName, 'Make a certificate for development and say what clients need to trust it')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;sign' {
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write it here instead of replacing FILE; `-` for stdout')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace OTHER if it exists')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be signed, and by whom, without signing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Sign without asking')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Sign without asking')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;status' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;trust' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget which root of a collection is trusted')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pin which root is right for a collection')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show which root is trusted, and why')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;trust;forget' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--pin', '--pin', [CompletionResultType]::ParameterName, 'Forget what `notary trust pin` has pinned, too')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;trust;pin' {
            [CompletionResult]::new('--key', '--key', [CompletionResultType]::ParameterName, 'Id of a root certificate, or of its key if the root is known here; can be repeated')
            [CompletionResult]::new('--ca', '--ca', [CompletionResultType]::ParameterName, 'PEM file of certificate authorities, which are copied')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--current', '--current', [CompletionResultType]::ParameterName, 'The root certificates that are trusted on this machine now')
            [CompletionResult]::new('--replace', '--replace', [CompletionResultType]::ParameterName, 'Instead of what was pinned with this command before')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;trust;show' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--pem', '--pem', [CompletionResultType]::ParameterName, 'Print nothing but the root certificates, as PEM text')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;trust;help' {
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget which root of a collection is trusted')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pin which root is right for a collection')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show which root is trusted, and why')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;trust;help;forget' {
            break
        }
        'notary;trust;help;pin' {
            break
        }
        'notary;trust;help;show' {
            break
        }
        'notary;trust;help;help' {
            break
        }
        'notary;verify' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Read the payload from this file instead of stdin')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read the payload from this file instead of stdin')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the payload to this file instead of stdout; `json` means the same as --json (`./json` is a file of that name)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the payload to this file instead of stdout; `json` means the same as --json (`./json` is a file of that name)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('--roles', '--roles', [CompletionResultType]::ParameterName, 'Roles such as targets/releases, separated by commas or by repeating the option')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print a report instead of the payload')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;version' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;who' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Form of the output')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Short for --output json')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;witness' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('--configFile', '--configFile', [CompletionResultType]::ParameterName, 'Configuration file (.json, .toml or .yaml) instead of ~/.notary/config.json')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('--trustDir', '--trustDir', [CompletionResultType]::ParameterName, 'Directory of keys, metadata and staged changes instead of ~/.notary')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'Address of the Notary server, such as https://notary.example:4443')
            [CompletionResult]::new('--tlscacert', '--tlscacert', [CompletionResultType]::ParameterName, 'PEM file of the certificate authorities to trust instead of the system''s')
            [CompletionResult]::new('--tlscert', '--tlscert', [CompletionResultType]::ParameterName, 'PEM file of the certificate to show the server')
            [CompletionResult]::new('--tlskey', '--tlskey', [CompletionResultType]::ParameterName, 'PEM file of the key of that certificate')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'File whose first line is the passphrase of a role''s keys; can be repeated')
            [CompletionResult]::new('--passphrase-command', '--passphrase-command', [CompletionResultType]::ParameterName, 'Shell command that prints the passphrase of the key in NOTARY_KEY_ID')
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'Whose login to use when the server wants one, instead of what is found; '''' for nobody''s')
            [CompletionResult]::new('--pkcs11', '--pkcs11', [CompletionResultType]::ParameterName, 'Hardware token with keys: pkcs11:token=LABEL?module-path=FILE; empty for none')
            [CompletionResult]::new('--trust-root', '--trust-root', [CompletionResultType]::ParameterName, 'Id of the root certificate that the collection must have; can be repeated')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--publish', '--publish', [CompletionResultType]::ParameterName, 'Publish everything that is staged right away')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password of that user from stdin')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Use the copy on this machine and do not ask the server')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave out notes and progress')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Tell what is done')
            [CompletionResult]::new('-D', '-D ', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('--debug', '--debug', [CompletionResultType]::ParameterName, 'Tell everything, including each request')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'notary;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Stage files or images to be signed as targets')
            [CompletionResult]::new('addhash', 'addhash', [CompletionResultType]::ParameterValue, 'Stage a target that is known by its hash')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Print a script that completes commands and options in a shell')
            [CompletionResult]::new('delegation', 'delegation', [CompletionResultType]::ParameterValue, 'Manage who may sign which targets')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Remove a collection from this machine, and from the server if asked to')
            [CompletionResult]::new('image', 'image', [CompletionResultType]::ParameterValue, 'Tell which images are trusted')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a new collection')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Manage private keys')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the targets of a collection')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Keep the login to a server in the secret store of the system')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Remove the login to a server from the secret store of the system')
            [CompletionResult]::new('lookup', 'lookup', [CompletionResultType]::ParameterValue, 'Show one target of a collection')
            [CompletionResult]::new('publish', 'publish', [CompletionResultType]::ParameterValue, 'Sign the staged changes and upload them')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stage the removal of a target')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Drop staged changes')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Serve collections to other machines')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Add signatures to a publication that needs keys of several machines')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show the changes that are staged')
            [CompletionResult]::new('trust', 'trust', [CompletionResultType]::ParameterValue, 'See, pin and forget which roots are trusted')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that a file is the target that was signed')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the version of the program')
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who may sign a collection, or one name in it')
            [CompletionResult]::new('witness', 'witness', [CompletionResultType]::ParameterValue, 'Stage roles to be signed again as they are')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'notary;help;add' {
            break
        }
        'notary;help;addhash' {
            break
        }
        'notary;help;completion' {
            break
        }
        'notary;help;delegation' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Stage a delegation, or more keys and paths for one')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the delegations of a collection')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Stage the removal of keys from all delegations')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Stage the removal of a delegation, or of some of its keys and paths')
            break
        }
        'notary;help;delegation;add' {
            break
        }
        'notary;help;delegation;list' {
            break
        }
        'notary;help;delegation;purge' {
            break
        }
        'notary;help;delegation;remove' {
            break
        }
        'notary;help;delete' {
            break
        }
        'notary;help;image' {
            [CompletionResult]::new('resolve', 'resolve', [CompletionResultType]::ParameterValue, 'Print the trusted digest of an image')
            break
        }
        'notary;help;image;resolve' {
            break
        }
        'notary;help;init' {
            break
        }
        'notary;help;key' {
            [CompletionResult]::new('backup', 'backup', [CompletionResultType]::ParameterValue, 'Put private keys into one encrypted file, or check such a file')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write private keys to stdout or into a file')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Remove passphrases of keys from the secret store of the system')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make a private key')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Put private keys from PEM files into the key store')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the private keys of this machine')
            [CompletionResult]::new('passwd', 'passwd', [CompletionResultType]::ParameterValue, 'Change the passphrase of a private key')
            [CompletionResult]::new('remember', 'remember', [CompletionResultType]::ParameterValue, 'Keep passphrases of keys in the secret store of the system')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a private key out of use')
            [CompletionResult]::new('restore', 'restore', [CompletionResultType]::ParameterValue, 'Bring private keys back from a backup')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Replace the keys of a role and publish that')
            [CompletionResult]::new('unarchive', 'unarchive', [CompletionResultType]::ParameterValue, 'Bring a private key back from the archive')
            break
        }
        'notary;help;key;backup' {
            break
        }
        'notary;help;key;export' {
            break
        }
        'notary;help;key;forget' {
            break
        }
        'notary;help;key;generate' {
            break
        }
        'notary;help;key;import' {
            break
        }
        'notary;help;key;list' {
            break
        }
        'notary;help;key;passwd' {
            break
        }
        'notary;help;key;remember' {
            break
        }
        'notary;help;key;remove' {
            break
        }
        'notary;help;key;restore' {
            break
        }
        'notary;help;key;rotate' {
            break
        }
        'notary;help;key;unarchive' {
            break
        }
        'notary;help;list' {
            break
        }
        'notary;help;login' {
            break
        }
        'notary;help;logout' {
            break
        }
        'notary;help;lookup' {
            break
        }
        'notary;help;publish' {
            break
        }
        'notary;help;remove' {
            break
        }
        'notary;help;reset' {
            break
        }
        'notary;help;serve' {
            break
        }
        'notary;help;sign' {
            break
        }
        'notary;help;status' {
            break
        }
        'notary;help;trust' {
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget which root of a collection is trusted')
            [CompletionResult]::new('pin', 'pin', [CompletionResultType]::ParameterValue, 'Pin which root is right for a collection')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show which root is trusted, and why')
            break
        }
        'notary;help;trust;forget' {
            break
        }
        'notary;help;trust;pin' {
            break
        }
        'notary;help;trust;show' {
            break
        }
        'notary;help;verify' {
            break
        }
        'notary;help;version' {
            break
        }
        'notary;help;who' {
            break
        }
        'notary;help;witness' {
            break
        }
        'notary;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
