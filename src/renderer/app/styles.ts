// Before every component: what is in a view's own file must come after, and win.
import '@fontsource-variable/inter/wght.css';
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/500.css';
import '../../ui/styles/tokens.css';
import '../../ui/styles/buttons.css';
import '../../ui/styles/fields.css';
import '../../ui/styles/switches.css';
import '../../ui/styles/pieces.css';
import '../../ui/styles/cards.css';
import '../canvas/canvas.css';
import './app.css';
